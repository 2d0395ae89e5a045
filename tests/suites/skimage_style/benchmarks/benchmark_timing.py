"""Every attribute of timing that asv knows, set to something unusual."""

import time

import numpy as np


class Patient:
    warmup_time = 0.02
    sample_time = 0.005
    rounds = 1
    repeat = (2, 6, 0.5)
    min_run_count = 3
    timeout = 20.0
    timer = time.process_time
    processes = 1

    def setup(self):
        self.image = np.ones((200, 200))

    def time_process_time(self):
        return (self.image * 2.0).sum()


class Batched:
    """Ten calls a sample, and a setup between them."""

    number = 10
    repeat = 3
    warmup_time = 0

    def setup(self):
        self.stack = list(range(100))

    def time_pop_all(self):
        while self.stack:
            self.stack.pop()
        assert self.stack == []


class SetBySetup:
    """Says only in setup how often it wants to be called."""

    def setup(self):
        self.number = 2
        self.repeat = 4
        self.values = np.arange(1_000.0)

    def time_cumsum(self):
        return np.cumsum(self.values)


class Versioned:
    version = "2024-05"

    def time_versioned(self):
        return sum(range(100))
