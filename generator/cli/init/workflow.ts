import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Place of the workflow below the root of a repository. */
export const workflowPath = '.github/workflows/seamwright.yml';

/** Whether a folder is the root of a git repository: elsewhere a workflow would lie where nobody looks for it. */
export function isRepository(folder: string): boolean {
  return existsSync(join(folder, '.git'));
}

/** What a pull request has to pass, for GitHub Actions: check, generated files, verification with its report, and what the change breaks. */
export const workflowText = `# Written once by seamwright init; yours to change.
name: contracts
on: pull_request

permissions:
  contents: read

concurrency:
  group: contracts-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  contracts:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      # The commit where the branch left its target has to be there for the comparison.
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - uses: actions/setup-node@v4
        with:
          node-version: 22
          cache: npm
      - run: npm ci
      - name: The contracts hold
        run: npx seamwright check --format github
      - name: Generated files are up to date
        run: npx seamwright generate --check --format github
      - name: Services keep their contracts
        run: npx seamwright verify --report seamwright-report
      - name: Report
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: seamwright-report
          path: seamwright-report
          if-no-files-found: ignore
      - name: What the change breaks
        if: always()
        env:
          BASE: origin/\${{ github.base_ref }}
        run: |
          status=0
          npx seamwright breaking --against "$BASE" --format markdown > breaking.md || status=$?
          cat breaking.md >> "$GITHUB_STEP_SUMMARY"
          exit "$status"
`;
