"""The door for kiosks: it takes their events, answers after COMMIT, and hands out signed commands."""
