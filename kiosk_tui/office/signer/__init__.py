"""The signer: the one process that can read the key that commands are signed with.

It listens nowhere and believes no other process: what was asked for and approved is checked here again,
against the accounts and this program's own table of verbs.
"""
