"""The desk beside intake: what is proposed to the office, sent out to schools and taken back from them."""
