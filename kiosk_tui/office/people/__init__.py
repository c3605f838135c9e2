"""The people of head office: accounts, log-ins, what each may do, and what each did."""
