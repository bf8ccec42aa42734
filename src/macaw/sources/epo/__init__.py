"""The European Patent Office: DOCDB exchange files and answers of Open Patent Services."""
