"""What mail standards make of records: SPF (RFC 7208), DMARC (RFC 9989) and whose organisation a name belongs to."""
