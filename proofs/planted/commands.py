"""The faults of head office's commands: name, file, right, wrong, tests. See `faults`."""

from __future__ import annotations

from typing import Final

_SIGNING: Final = "tests/fleet/orders/test_signing.py"
_ORDERS: Final = "tests/fleet/orders/test_orders.py"
_TRIAL: Final = "tests/session/test_trial.py"
_DESK: Final = "tests/session/test_order_desk.py"

COMMANDS: Final = (
    (
        "a command is done before its number is on the disk",
        "fleet/orders/orders.py",
        "OrderCounter(order.n, begun=True))\n        _DOES[order.verb](self._folder, order)\n",
        "OrderCounter(0)) if _DOES[order.verb](self._folder, order) else None\n",
        _ORDERS,
    ),
    (
        "a command that comes again is done again",
        "fleet/orders/signing.py",
        "    if order.n <= counter:",
        "    if order.n < counter:",
        _SIGNING,
    ),
    (
        "another kiosk's command is done",
        "fleet/orders/signing.py",
        "    if order.kiosk != kiosk:",
        "    if order.kiosk[:5] != kiosk[:5]:",
        _SIGNING,
    ),
    (
        "a key that is named is believed without its signature",
        "fleet/orders/signing.py",
        "    except (InvalidSignature, ValueError):",
        "    except InvalidSignature:\n        return payload\n    except ValueError:",
        _SIGNING,
    ),
    (
        "what stands twice in a command is taken as it stands last",
        "fleet/orders/signing.py",
        "        if name in found:",
        "        if not name:",
        _SIGNING,
    ),
    (
        "a setting that nobody allowed is taken from head office",
        "config/office.py",
        "        if key not in ALLOWED:",
        '        if key.partition(".")[0] not in Config.model_fields:',
        "tests/config/test_office.py",
    ),
    (
        "head office raises a limit",
        "config/office.py",
        "            if amount(asked, currency_of(own)) > amount(most, currency_of(own)):",
        "            if amount(asked, currency_of(own)) < amount(most, currency_of(own)):",
        "tests/config/test_office.py",
    ),
    (
        "a task that was begun is begun again",
        "fleet/orders/tasks.py",
        "    _waiting(folder, task.n).rename(_begun(folder, task.n))",
        "    _begun(folder, task.n).touch()",
        _ORDERS,
    ),
    (
        "a closure that cannot be read opens the kiosk",
        "fleet/orders/closure.py",
        "    except (OSError, ValidationError):\n        return OfficeClosure()",
        "    except (OSError, ValidationError):\n        return None",
        _ORDERS,
    ),
    (
        "open ends another reason, too",
        "payment/readiness_watch.py",
        "            self._notice = notice\n            self.judge()",
        '            self._notice = notice\n            self._probe = Probe(True, "")\n            self.judge()',
        "tests/payment/test_closed_by_office.py",
    ),
    (
        "a line that is away takes a configuration back",
        "session/trial.py",
        "    return TrialVerdict.OUTSIDE if moves and readiness.obstacle in _OUTSIDE else TrialVerdict.RETURN",
        "    return TrialVerdict.RETURN",
        _TRIAL,
    ),
    (
        "starts that come to nothing are not counted",
        "session/trial.py",
        'write(file, overlay.model_copy(update={"starts": overlay.starts + 1}))',
        'write(file, overlay.model_copy(update={"starts": overlay.starts}))',
        _TRIAL,
    ),
    (
        "a terminal is asked while somebody is paying",
        "session/order_desk.py",
        "self._opened.register.quiet and self._front.resting",
        "self._opened.register is not None",
        _DESK,
    ),
)
