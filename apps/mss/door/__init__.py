"""The door of the mailbox: SMTP or LMTP in a process of its own (MSS-02 to MSS-04, decisions 23)."""
