"""Bytes of what leaves: letters of the holder's side, receipts, notices of a closed conversation."""
