"""Accounts of people. A service: it knows no article."""
