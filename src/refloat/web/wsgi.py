"""What a server runs: the pages of the configuration in the environment."""

from __future__ import annotations

import gc

from django.core.wsgi import get_wsgi_application

from refloat.config import configured
from refloat.web.settings import configured_for
from refloat.web.tables import ready

_config = configured()
configured_for(_config)
ready(_config)
application = get_wsgi_application()
# What is loaded by now stays: the collector need not walk it again at every page.
gc.collect()
gc.freeze()
