"""Orders to kiosks as people deal with them: asked for, approved by somebody else, taken back, looked at.

Nothing here signs: that is the signer's, which checks all of it once more.
"""
