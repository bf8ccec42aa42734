"use strict";
window.macaw.served = false;
