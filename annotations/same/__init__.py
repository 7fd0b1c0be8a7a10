"""The same patient in two publications: found by what is told of the patient and of the article, decided by a person.

Pooling both would count one patient twice. ``look`` goes through a store after a run; ``marked`` puts what is known
into a record on its way out. The score is a logistic sum of points for agreement and disagreement (``points``).
"""

from annotations.same.look import look, marked

__all__ = ["look", "marked"]
