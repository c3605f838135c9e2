"""What head office shows: one module for each question, from a connection to frozen values.

Each question is one or two statements over sets, so that ten thousand kiosks are asked as quickly as one.
`now` is a moment of the database's own clock (`found.moment`): silence is judged by one clock only.
"""
