"""Reads any draft and says where its words are stronger than its evidence."""
