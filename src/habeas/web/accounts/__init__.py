"""Who can sign in: an account belongs to one person of one organisation.

What that person may do stands in the desk's own records; an account is only the key to the door.
"""
