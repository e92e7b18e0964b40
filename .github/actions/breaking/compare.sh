#!/usr/bin/env bash
# Compares, writes the summary of the job, and keeps one comment on the pull request up to date. Reads its settings from the environment: see action.yml.
set -euo pipefail

report=$(mktemp)
trap 'rm -f "$report"' EXIT
marker='<!-- seamwright breaking -->'
# GitHub takes no comment of 65536 characters or more.
length_max=60000

read -ra command <<<"$COMMAND"
read -ra workspaces <<<"${WORKSPACES:-}"
status=0
"${command[@]}" breaking "${workspaces[@]}" --against "$AGAINST" --format markdown >"$report" || status=$?

case $status in
  0) verdict=safe ;;
  1) verdict=breaking ;;
  3) verdict=unproven ;;
  *) verdict=unreadable ;;
esac
echo "verdict=$verdict" >>"$GITHUB_OUTPUT"
cat "$report" >>"$GITHUB_STEP_SUMMARY"

comments="repos/$REPOSITORY/issues/${PULL_REQUEST:-}/comments"

# The comment of an earlier run: only what a bot wrote, so that nobody's own words are replaced.
earlier() {
  gh api --paginate "$comments" --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id" | head -n 1
}

write_comment() {
  local id
  id=$(earlier)
  if [ "$(wc -m <"$report")" -gt "$length_max" ]; then
    { head -c "$length_max" "$report" | iconv -c -f utf-8 -t utf-8; printf '\n\n… the summary of the job has the rest.\n'; } >"$report.short"
    mv "$report.short" "$report"
  fi
  if [ -n "$id" ]; then
    gh api --silent --method PATCH "repos/$REPOSITORY/issues/comments/$id" --field "body=@$report"
  elif [ "$verdict" != safe ]; then
    # Where nothing breaks and nothing was said before, nothing is said.
    gh api --silent --method POST "$comments" --field "body=@$report"
  fi
}

if [ "$COMMENT" = true ] && [ -n "${PULL_REQUEST:-}" ]; then
  # A pull request from a fork has a token that may only read: the summary has to do.
  write_comment || echo '::warning::the comment could not be written; the summary of the job has the report.'
fi

case $verdict:$FAIL_ON in
  unreadable:*) exit "$status" ;;
  breaking:never | unproven:never | unproven:breaking | safe:*) exit 0 ;;
  *) exit "$status" ;;
esac
