"""Mails to try the portal with, all written here: no file of anybody else."""
