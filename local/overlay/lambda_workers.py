"""What a function's process reports: errors by their own name and with a trace, and the whole log.

MiniStack names every error `Runtime.HandlerError`, so a Catch by name never matches; it kills the process of a function
that throws; and it waits 50 ms for the log of a function that logs nothing.
"""

import functools
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from overlay.patching import replace_in_text
from overlay.settings import Settings

NEEDS = {
    "ministack.core.lambda_runtime": (
        "_NODEJS_WORKER_SCRIPT",
        "_PYTHON_WORKER_SCRIPT",
        "_detect_runtime_binary",
        "Worker.invoke",
        "Worker._drain_stderr_bounded",
    ),
    "ministack.services.lambda_svc": ("_execute_function_warm",),
}

# Workers write this after the last log line of an invocation, so that nobody has to guess when the log is complete.
END_OF_LOG = "\x01end of log\x01"
LONGEST_WAIT = 0.25  # for the log of a worker that died without writing the end

NODE_HELPERS = r"""
function _failureOf(err) {
  const isObject = err !== null && typeof err === "object";
  return {
    errorType: (isObject && err.name) || typeof err,
    errorMessage: String((isObject && err.message) || err),
    trace: isObject && err.stack ? String(err.stack).split("\n") : [],
  };
}
function _report(err, res) {
  _stderrWrite("END_OF_LOG\n");
  // A failure is an answer like any other: the process stays warm, as on AWS.
  const answer = err ? { status: "ok", failure: _failureOf(err) } : { status: "ok", result: res };
  _realStdoutWrite(JSON.stringify(answer) + "\n");
}

let handlerFn = null;
""".replace("END_OF_LOG", END_OF_LOG.replace("\x01", "\\u0001"))

NODE_SETTLED = """        if (err) {
          _realStdoutWrite(JSON.stringify({
            status: "error", error: String(err.message || err), trace: err.stack || ""
          }) + "\\n");
        } else {
          _realStdoutWrite(JSON.stringify({ status: "ok", result: res }) + "\\n");
        }"""
NODE_THROWN = """      _realStdoutWrite(JSON.stringify({
        status: "error", error: e.message, trace: e.stack
      }) + "\\n");"""

PYTHON_ANSWER = (
    '            _real_stdout.write(json.dumps({"status": "ok", "result": result}) + "\\n")\n'
    "        except Exception as e:\n"
    '            _real_stdout.write(json.dumps({"status": "error", "error": str(e), '
    '"trace": traceback.format_exc()}) + "\\n")\n'
)
PYTHON_REPORT = f"""            _ms_answer = json.dumps({{"status": "ok", "result": result}})
        except Exception as e:
            _ms_answer = json.dumps({{"status": "ok", "failure": {{
                "errorType": type(e).__name__, "errorMessage": str(e),
                "requestId": _ms_ctx.get("request_id", ""), "stackTrace": traceback.format_tb(e.__traceback__)}}}})
        sys.stderr.write({END_OF_LOG!r} + "\\n")
        sys.stderr.flush()
        _real_stdout.write(_ms_answer + "\\n")
"""

# What the last invocation on this thread reported, from the worker to the place that builds the function's answer.
_reported = threading.local()


def install(settings: Settings) -> None:
    """Patch the scripts that run in the workers and the two places that read their answers."""
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    lambda_runtime._NODEJS_WORKER_SCRIPT = node_script(lambda_runtime._NODEJS_WORKER_SCRIPT)
    lambda_runtime._PYTHON_WORKER_SCRIPT = replace_in_text(
        lambda_runtime._PYTHON_WORKER_SCRIPT, PYTHON_ANSWER, PYTHON_REPORT
    )
    lambda_runtime._detect_runtime_binary = choose_binary(lambda_runtime._detect_runtime_binary, settings.node_bin)
    lambda_runtime.Worker.invoke = remember_failure(lambda_runtime.Worker.invoke)
    lambda_runtime.Worker._drain_stderr_bounded = read_log
    lambda_svc._execute_function_warm = name_error(lambda_svc._execute_function_warm)


def node_script(script: str) -> str:
    """Node's worker script, with failures reported by name and the end of the log marked."""
    script = replace_in_text(script, "\nlet handlerFn = null;\n", NODE_HELPERS)
    script = replace_in_text(script, NODE_SETTLED, "        _report(err, res);")
    return replace_in_text(script, NODE_THROWN, "      _report(e);")


def choose_binary(detect: Callable[[str], tuple[str, str]], node_bin: str) -> Callable[[str], tuple[str, str]]:
    """Run Node functions on the Node that the project brings: the machine's own may be another version."""

    @functools.wraps(detect)
    def chosen(runtime: str) -> tuple[str, str]:
        binary, script = detect(runtime)
        return (node_bin if runtime.startswith("nodejs") else binary), script

    return chosen


def remember_failure(invoke: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Turn a reported failure into MiniStack's error form, and keep it for `name_error`."""

    @functools.wraps(invoke)
    def invoked(worker: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        response = invoke(worker, *args, **kwargs)
        failure = response.pop("failure", None)
        if response.get("error") == "Worker process died":
            failure = {"errorType": "Runtime.ExitError", "errorMessage": "Error: Runtime exited with error"}
        _reported.failure = failure
        if failure is None:
            return response
        trace = failure.get("trace") or failure.get("stackTrace") or []
        return {**response, "status": "error", "error": failure["errorMessage"], "trace": "\n".join(trace)}

    return invoked


def name_error(execute: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Answer with the error as the function reported it."""

    @functools.wraps(execute)
    def executed(*args: Any, **kwargs: Any) -> dict[str, Any]:
        _reported.failure = None
        result = execute(*args, **kwargs)
        if result.get("error") and _reported.failure:
            result["body"] = _reported.failure
        return result

    return executed


def read_log(worker: Any) -> str:
    """Every line the invocation logged, up to the mark."""
    lines: list[str] = []
    deadline = time.monotonic() + LONGEST_WAIT
    while (left := deadline - time.monotonic()) > 0:
        try:
            line = worker._stderr_queue.get(timeout=left)
        except queue.Empty:
            break
        text, mark, _ = line.partition(END_OF_LOG)
        if text or not mark:
            lines.append(text)
        if mark:
            break
    return "\n".join(lines)
