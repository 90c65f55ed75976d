"""The compiled core of Value, which setup.cfg cannot declare: optional, so that it installs without a compiler too."""

import sys
import sysconfig
from glob import glob

from setuptools import Extension, setup

core = Extension(
    "autograd._core",
    sorted(glob("autograd/compiled/*.c")),
    depends=sorted(glob("autograd/compiled/*.h")),
    optional=True,
    py_limited_api=True,
    # No fused multiply-add: numbers are equal to the last bit on every processor.
    extra_compile_args=[] if sys.platform == "win32" else ["-O3", "-ffp-contract=off", "-fvisibility=hidden"],
    libraries=["m"] if sys.platform.startswith("linux") else [],
)
# A free-threaded build has no stable interface to compile for, and the core relies on the global lock.
free_threaded = sysconfig.get_config_var("Py_GIL_DISABLED")

setup(
    ext_modules=[] if free_threaded else [core],
    options={} if free_threaded else {"bdist_wheel": {"py_limited_api": "cp310"}},
)
