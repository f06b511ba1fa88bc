"""SIP2: what a library's system says of a reader's loans."""
