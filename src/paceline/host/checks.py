"""The table of checks: a new one is a function that looks at the view, and a line here."""

from __future__ import annotations

from paceline.host import look_processor as cpu
from paceline.host import look_sharing as sharing
from paceline.host import look_software as software
from paceline.host import look_system as system
from paceline.host.check import Check

LINUX = ("Linux",)
MACOS = ("Darwin",)

# fmt: off
CHECKS = (
    Check("processor", "times of different processors cannot be compared", cpu.processor_name),
    Check("virtual-machine", "others on the same hardware change our speed", sharing.virtual_machine),
    Check("container", "its limits and file systems can slow what runs in it", sharing.container),
    Check("steal", "time given to other machines looks like our own slowness", sharing.steal, LINUX),
    Check("quota", "a group over its quota is stopped for milliseconds at a time", sharing.quota, LINUX),
    Check("affinity", "a race chooses its core among these", cpu.affinity, LINUX),
    Check("governor", "a clock that follows the load slows short runs", cpu.governor, LINUX),
    Check("frequency", "the wider the range, the more two runs can differ", cpu.frequency, LINUX),
    Check("turbo", "a clock above its base speed cannot be held when it gets hot", cpu.turbo, LINUX),
    Check("drift", "smaller differences than this loop's own cannot be seen", cpu.drift),
    Check("thermal", "a hot processor slows down in the middle of a measurement", cpu.heat, LINUX),
    Check("thermal", "a hot processor slows down in the middle of a measurement", cpu.macos_heat, MACOS),
    Check("smt", "two threads on one core share its units and slow each other", cpu.threads_per_core),
    Check("hybrid", "a run on a slow core is no slower code", cpu.kinds_of_core, LINUX),
    Check("hybrid", "a run on a slow core is no slower code", cpu.macos_cores, MACOS),
    Check("numa", "memory of another node is farther away, and slower", cpu.memory_nodes, LINUX),
    Check("load", "who waits for a processor is not running", sharing.load),
    Check("neighbours", "other programs take caches, memory bandwidth and turns", sharing.neighbours),
    Check("memory", "with little memory left, pages are written out while we measure", sharing.memory),
    Check("swap", "reading a page from disk takes longer than most benchmarks", sharing.swap),
    Check("clock", "a slow or coarse clock hides short times", system.clock_source, LINUX),
    Check("timer", "a reading's step and cost are part of every short time", system.timer),
    Check("power", "on battery the clock is lowered", system.power, LINUX),
    Check("power", "on battery the clock is lowered", system.macos_power, MACOS),
    Check("low-power-mode", "it lowers the clock", system.low_power_mode, MACOS),
    Check("rosetta", "translated code says nothing about native code", system.rosetta, MACOS),
    Check("threads", "with unequal threads, a race compares threads and not code", software.threads),
    Check("blas", "products of matrices are as fast as their library", software.blas),
    Check("python", "a debug build slows some code more than other code", software.python),
    Check("rust", "without a compiler there are no Rust rows to compare", software.rust),
    Check("counters", "counted instructions tell why, even on a noisy host", software.counters),
    Check("kernel", "another kernel is another epoch", system.kernel),
    Check("mitigations", "defences in the kernel make system calls slower", system.mitigations, LINUX),
    Check("aslr", "another layout in memory is another speed, by some per cent", system.aslr, LINUX),
    Check("isolation", "isolated processors are the quietest", system.isolation, LINUX),
    Check("huge-pages", "huge pages make large arrays faster", system.huge_pages, LINUX),
)
# fmt: on
