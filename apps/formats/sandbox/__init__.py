"""Files of strangers are decoded in a child process that holds nothing worth taking (SEC-11, docs/adr/0009).

`inside` is the code of the child; nothing else of the portal imports a decoder of PDF, pictures or RTF.
"""
