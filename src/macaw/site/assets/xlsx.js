"use strict";
// A workbook as a zip of XML parts, stored without compression. Text stands as inline strings, so no cell is a formula.
(function (macaw) {
  function escaped(text) {
    return String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  }
  function column(n) { return (n >= 26 ? column(Math.floor(n / 26) - 1) : "") + String.fromCharCode(65 + n % 26); }
  function sheet(rows) {
    return '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' +
      rows.map(function (row, r) {
        return '<row r="' + (r + 1) + '">' + row.map(function (cell, c) {
          var at = column(c) + (r + 1);
          if (cell === null || cell === undefined || cell === "") return "";
          if (typeof cell === "number") return '<c r="' + at + '"><v>' + cell + "</v></c>";
          return '<c r="' + at + '" t="inlineStr"><is><t xml:space="preserve">' + escaped(cell) + "</t></is></c>";
        }).join("") + "</row>";
      }).join("") + "</sheetData></worksheet>";
  }
  var table = null;
  function crc(bytes) {
    if (!table) {
      table = new Uint32Array(256);
      for (var n = 0; n < 256; n++) { var c = n; for (var k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; table[n] = c; }
    }
    var sum = 0xffffffff;
    for (var i = 0; i < bytes.length; i++) sum = table[(sum ^ bytes[i]) & 255] ^ (sum >>> 8);
    return (sum ^ 0xffffffff) >>> 0;
  }
  function header(signature, name, bytes, at) {
    var central = at !== undefined, view = new DataView(new ArrayBuffer((central ? 46 : 30) + name.length)), p = 0;
    function two(v) { view.setUint16(p, v, true); p += 2; }
    function four(v) { view.setUint32(p, v, true); p += 4; }
    four(signature); if (central) two(20);
    two(20); two(0x0800); two(0); two(0); two(0x21);  // 1980-01-01: the same view gives the same bytes
    four(crc(bytes)); four(bytes.length); four(bytes.length); two(name.length); two(0);
    if (central) { two(0); two(0); two(0); four(0); four(at); }
    new Uint8Array(view.buffer).set(name, p);
    return new Uint8Array(view.buffer);
  }
  function zip(files) {
    var text = new TextEncoder(), parts = [], ends = [], at = 0;
    Object.keys(files).forEach(function (path) {
      var name = text.encode(path), bytes = text.encode(files[path]), head = header(0x04034b50, name, bytes);
      parts.push(head, bytes);
      ends.push(header(0x02014b50, name, bytes, at));
      at += head.length + bytes.length;
    });
    var size = ends.reduce(function (sum, e) { return sum + e.length; }, 0), end = new DataView(new ArrayBuffer(22));
    end.setUint32(0, 0x06054b50, true); end.setUint16(8, ends.length, true); end.setUint16(10, ends.length, true);
    end.setUint32(12, size, true); end.setUint32(16, at, true);
    return new Blob(parts.concat(ends, [new Uint8Array(end.buffer)]));
  }
  // sheets: [[name, rows], …]
  macaw.xlsx = function (sheets) {
    var kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", xml = '<?xml version="1.0" encoding="UTF-8"?>';
    var type = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    var files = {
      "[Content_Types].xml": xml + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="' + type + 'sheet.main+xml"/>' +
        sheets.map(function (_, n) { return '<Override PartName="/xl/worksheets/sheet' + (n + 1) + '.xml" ContentType="' + type + 'worksheet+xml"/>'; }).join("") + "</Types>",
      "_rels/.rels": xml + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="' + kinds + '/officeDocument" Target="xl/workbook.xml"/></Relationships>',
      "xl/workbook.xml": xml + '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="' + kinds + '"><sheets>' +
        sheets.map(function (s, n) { return '<sheet name="' + escaped(s[0]) + '" sheetId="' + (n + 1) + '" r:id="r' + (n + 1) + '"/>'; }).join("") + "</sheets></workbook>",
      "xl/_rels/workbook.xml.rels": xml + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
        sheets.map(function (_, n) { return '<Relationship Id="r' + (n + 1) + '" Type="' + kinds + '/worksheet" Target="worksheets/sheet' + (n + 1) + '.xml"/>'; }).join("") + "</Relationships>"
    };
    sheets.forEach(function (s, n) { files["xl/worksheets/sheet" + (n + 1) + ".xml"] = sheet(s[1]); });
    return zip(files);
  };
})(window.macaw);
