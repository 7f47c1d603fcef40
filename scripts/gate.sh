#!/usr/bin/env bash
# The gate as a CI job calls it: settings come from the environment, the answer is the exit code, and nothing but 0 lets a job pass.
#
#   EVALHARNESS_POLICY, EVALHARNESS_MODEL     required
#   EVALHARNESS_BENCHMARK, EVALHARNESS_REPORTS, EVALHARNESS_FOR, EVALHARNESS_DEPLOYMENT, EVALHARNESS_WORKSPACE   optional
#   EVALHARNESS_ROOT                          fingerprint of the root that this job trusts (keep it outside the repository)
#   EVALHARNESS_STATUS_VERSION                least version of the status list that this job accepts; 3@sha256:… : it must be that very one
#   EVALHARNESS_VERIFY_RUNS=1                 also derive every number of every run again first (needs the full installation)
#   EVALHARNESS_OUT                           folder for gate.json, gate.sarif and gate.junit.xml (default: .)
# Where GITHUB_OUTPUT and GITHUB_STEP_SUMMARY are set, the answer is written there too.
set -euo pipefail

: "${EVALHARNESS_POLICY:?name the policy in EVALHARNESS_POLICY}"
: "${EVALHARNESS_MODEL:?name the model card in EVALHARNESS_MODEL}"
command -v evalharness >/dev/null || { echo "evalharness is not on the path: install it first" >&2; exit 2; }

out="${EVALHARNESS_OUT:-.}"
mkdir -p "$out"
arguments=(gate --policy "$EVALHARNESS_POLICY" --model "$EVALHARNESS_MODEL" --sarif "$out/gate.sarif" --junit "$out/gate.junit.xml")
add() { if [ -n "$2" ]; then arguments+=("$1" "$2"); fi; }
add --benchmark "${EVALHARNESS_BENCHMARK:-}"
add --reports "${EVALHARNESS_REPORTS:-}"
add --for "${EVALHARNESS_FOR:-}"
add --deployment "${EVALHARNESS_DEPLOYMENT:-}"
add --workspace "${EVALHARNESS_WORKSPACE:-}"
if [ -n "${EVALHARNESS_ROOT+set}" ]; then arguments+=(--root "$EVALHARNESS_ROOT"); fi  # an empty one is an error, not a missing one
add --status-version "${EVALHARNESS_STATUS_VERSION:-}"

if [ "${EVALHARNESS_VERIFY_RUNS:-}" = 1 ]; then
  reports="${EVALHARNESS_REPORTS:-${EVALHARNESS_WORKSPACE:-.}/reports}"
  verified=0
  for run in "$reports"/*/; do
    case "$(basename "$run")" in examples | '*') continue ;; esac
    evalharness verify "$run" ${EVALHARNESS_WORKSPACE:+--workspace "$EVALHARNESS_WORKSPACE"}
    verified=$((verified + 1))
  done
  if [ "$verified" -eq 0 ]; then
    echo "there is no run in $reports to verify: name the workspace in EVALHARNESS_WORKSPACE" >&2
    exit 3
  fi
fi

code=0
evalharness "${arguments[@]}" >"$out/gate.txt" || code=$?
cat "$out/gate.txt"
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  echo "exit-code=$code" >>"$GITHUB_OUTPUT"
  if [ "$code" -eq 0 ]; then echo "approved=true" >>"$GITHUB_OUTPUT"; else echo "approved=false" >>"$GITHUB_OUTPUT"; fi
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  # An indented block: nothing in it is read as Markdown or HTML.
  { echo "### evalharness gate: exit code $code"; echo; sed 's/^/    /' "$out/gate.txt"; } >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
