"""The United States Patent and Trademark Office's own files: grants and published applications."""
