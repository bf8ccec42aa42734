"""Names that tests of the site share."""

HOSTILE = '=HYPERLINK("http://evil.example","x")<script>window.pwned=1</script>\u202e\'"&'
# What is shown of it: everything but the mark that turns text around.
SHOWN = HOSTILE.replace("\u202e", "")
COMPANY = "microsoft"
