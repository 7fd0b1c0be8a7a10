"""What the reviewed documents of a store teach: gold, regression cases, names for the lexicons, confidences, error rates.

What: ``finished`` says which documents count; each other module makes one thing of them. Nothing here is written anywhere
but where the user says, since reports may be private.
Example: a dose that was corrected, and that the pipeline now reads right by itself, becomes a regression case.
"""
