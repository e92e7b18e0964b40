(() => {
  const result = JSON.parse(document.getElementById('result').textContent);

  /** Makes an element; text is always text, never markup: contracts are somebody else's words. */
  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (key === 'onclick') made.addEventListener('click', value);
      else if (value !== undefined && value !== false) made.setAttribute(key, value);
    }
    for (const child of children.flat()) if (child !== undefined) made.append(child);
    return made;
  }

  function drawn(name, attributes, ...children) {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
  const runs = [];
  const rowHeight = 24;
  const laneWidth = 190;
  const left = 84;

  function remember(service, scenario) {
    const { failure, sample } = scenario;
    const run = failure ?? sample;
    if (run === undefined || run.timeline.length === 0) return undefined;
    runs.push({ service, scenario, run });
    return runs.length - 1;
  }

  function openButton(index, label) {
    if (index === undefined) return undefined;
    return element('button', { type: 'button', 'data-run': String(index), onclick: () => play(index, true) }, label);
  }

  showSummary();
  showBroken();
  showServices();
  showModes();
  showCoverage();
  if (location.hash !== '') openNamed(decodeURIComponent(location.hash.slice(1)));

  function showSummary() {
    const { passed, failed, skipped } = result.summary;
    const schedules = result.services
      .flatMap(({ scenarios }) => scenarios)
      .reduce((sum, scenario) => sum + scenario.schedules, 0);
    document
      .getElementById('summary')
      .append(
        element(
          'strong',
          { class: failed > 0 ? 'failed' : 'passed' },
          failed > 0 ? counted(failed, 'broken scenario') : 'Every promise holds',
        ),
        ` in ${counted(schedules, 'schedule')}: ${passed} passed, ${failed} failed, ${skipped} skipped.`,
      );
  }

  function showBroken() {
    const place = document.getElementById('broken');
    const failed = result.services.flatMap((service) =>
      service.scenarios.filter(({ status }) => status === 'failed').map((scenario) => ({ service, scenario })),
    );
    if (failed.length === 0) return;
    place.append(element('h2', {}, 'Broken promises'));
    for (const { service, scenario } of failed) place.append(card(service, scenario));
  }

  function card(service, scenario) {
    const { failure, mismatches = [], reason = '', replay } = scenario;
    const title = `${service.service}: ${failure?.sentence ?? reason}`;
    const lines =
      failure === undefined
        ? mismatches.map(({ interaction, path, sentence }) => `${interaction}\n  ${path} ${sentence}`)
        : failure.words;
    return element(
      'article',
      { class: 'card', id: `${service.service}/${service.level}/${scenario.scenario}` },
      element('h3', {}, title),
      element(
        'p',
        { class: 'soft' },
        `${scenario.scenario} at ${service.level}, seed ${scenario.seed}`,
        failure === undefined
          ? ''
          : `. Promise: ${failure.promise}${failure.contract === undefined ? '' : ` (${failure.contract})`}`,
      ),
      element('pre', {}, lines.join('\n')),
      failure?.expected === undefined && failure?.actual === undefined
        ? undefined
        : element(
            'pre',
            {},
            `should be ${JSON.stringify(failure.expected)}\nis        ${JSON.stringify(failure.actual)}`,
          ),
      replay === undefined ? undefined : element('p', {}, 'Replay: ', element('code', {}, replay)),
      openButton(remember(service, scenario), 'Play step by step'),
    );
  }

  function showServices() {
    const place = document.getElementById('services');
    place.append(element('h2', {}, 'Services'));
    for (const service of result.services) {
      const failed = service.scenarios.some(({ status }) => status === 'failed');
      const rows = service.scenarios.map((scenario) => {
        const index = scenario.status === 'passed' ? remember(service, scenario) : undefined;
        return element(
          'tr',
          {},
          element('td', { class: scenario.status }, scenario.status),
          element('td', {}, scenario.scenario),
          element('td', { class: 'count' }, String(scenario.schedules)),
          element(
            'td',
            { class: 'soft' },
            scenario.status === 'passed' && service.level !== 'pact' ? '' : (scenario.reason ?? ''),
          ),
          element('td', {}, openButton(index, 'look') ?? ''),
        );
      });
      const open = failed ? { open: '' } : {};
      const counts = ['passed', 'failed', 'skipped'].map(
        (status) => `${service.scenarios.filter((one) => one.status === status).length} ${status}`,
      );
      place.append(
        element(
          'details',
          open,
          element(
            'summary',
            {},
            element('strong', { class: failed ? 'failed' : 'passed' }, service.service),
            ` ${service.level}: ${counts.join(', ')}`,
          ),
          element(
            'div',
            { class: 'scroll' },
            element(
              'table',
              {},
              head('result', 'scenario', service.level === 'pact' ? 'interactions' : 'schedules', 'why', 'a run'),
              element('tbody', {}, rows),
            ),
          ),
        ),
      );
    }
  }

  function head(...titles) {
    return element(
      'thead',
      {},
      element(
        'tr',
        {},
        titles.map((title) => element('th', { scope: 'col' }, title)),
      ),
    );
  }

  /** Each thing a service does with each trouble it may meet: what is promised, and what proves it. */
  function showModes() {
    const place = document.getElementById('modes');
    const rows = result.services.flatMap((service) =>
      service.scenarios.flatMap((scenario) =>
        (scenario.targets ?? []).map((target) => {
          const failed = scenario.status === 'failed' && (scenario.failure?.target ?? target.name) === target.name;
          const proof = failed
            ? `broken: ${scenario.reason ?? ''}`
            : target.schedules === 0
              ? 'not played'
              : `held in ${counted(target.schedules, 'schedule')}, seed ${scenario.seed}`;
          const state = failed || target.schedules === 0 ? 'failed' : 'passed';
          return element(
            'tr',
            {},
            element('td', {}, service.service),
            element('td', {}, target.id),
            element('td', {}, scenario.scenario),
            element('td', { class: 'soft' }, (scenario.after ?? []).join(', ')),
            element('td', { class: state }, proof),
          );
        }),
      ),
    );
    if (rows.length === 0) return;
    place.append(
      element('h2', {}, 'Failure modes'),
      element(
        'p',
        { class: 'soft' },
        'What each service does, what it may meet, which promises are at stake, and the evidence of this run. A row without evidence is red.',
      ),
      element(
        'div',
        { class: 'scroll' },
        element('table', {}, head('service', 'edge', 'fault', 'promises', 'evidence'), element('tbody', {}, rows)),
      ),
    );
  }

  function showCoverage() {
    const place = document.getElementById('coverage');
    const covered = result.services.filter(
      ({ coverage }) => coverage !== undefined && Object.keys(coverage).length > 0,
    );
    if (covered.length === 0) return;
    place.append(
      element('h2', {}, 'Faults that struck'),
      element(
        'p',
        { class: 'soft' },
        'How often each fault has struck each thing that a service does. Grey: this run did not exercise it.',
      ),
    );
    for (const { service, level, coverage } of covered) {
      const targets = [...new Set(Object.values(coverage).flatMap((struck) => Object.keys(struck)))];
      if (targets.length === 0) continue;
      const rows = Object.entries(coverage).map(([fault, struck]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, fault),
          targets.map((target) => {
            const times = struck[target] ?? 0;
            return element('td', { class: times === 0 ? 'count untried' : 'count' }, String(times));
          }),
        ),
      );
      place.append(
        element('h3', {}, `${service} (${level})`),
        element(
          'div',
          { class: 'scroll' },
          element('table', {}, head('fault', ...targets), element('tbody', {}, rows)),
        ),
      );
    }
  }

  function openNamed(name) {
    const index = runs.findIndex(
      ({ service, scenario }) => `${service.service}/${service.level}/${scenario.scenario}` === name,
    );
    if (index >= 0) play(index, false);
  }

  /** Draws one run: a lane per service, time downwards, an arrow per message, and what the copies hold at the step in hand. */
  function play(index, moves) {
    const { service, scenario, run } = runs[index];
    const place = document.getElementById('player');
    const lanes = [...new Set(run.timeline.map((line) => line.service).filter((name) => name !== ''))];
    const breaks = run.timeline.findIndex(({ broken }) => broken);
    let at = breaks === -1 ? run.timeline.length - 1 : breaks;
    const slider = element('input', {
      type: 'range',
      min: '0',
      max: String(run.timeline.length - 1),
      value: String(at),
      'aria-label': 'Step of the run',
    });
    const label = element('span', { class: 'soft', 'aria-live': 'polite' });
    const state = element('div', { class: 'state' });
    const picture = drawing(run.timeline, lanes);
    const box = element(
      'div',
      { class: 'drawing', tabindex: '0', role: 'img', 'aria-label': 'Timeline of the run; arrow keys move through it' },
      picture.svg,
    );
    const move = (to) => {
      at = Math.min(Math.max(to, 0), run.timeline.length - 1);
      slider.value = String(at);
      picture.show(at);
      const line = run.timeline[at];
      label.textContent = `${line.ms} ms, ${line.service === '' ? '' : `${line.service}: `}${line.what}`;
      state.replaceChildren(...stateAt(run.timeline, at));
      box.scrollTop = Math.max(0, (at + 2) * rowHeight - box.clientHeight / 2);
    };
    slider.addEventListener('input', () => move(Number(slider.value)));
    box.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      move(at + step);
    });
    place.replaceChildren(
      element('h2', {}, `${service.service}: ${scenario.scenario}`),
      element('pre', {}, run.words.join('\n')),
      element(
        'div',
        { class: 'scrub' },
        element('button', { type: 'button', onclick: () => move(at - 1) }, 'back'),
        slider,
        element('button', { type: 'button', onclick: () => move(at + 1) }, 'on'),
      ),
      label,
      box,
      state,
    );
    place.hidden = false;
    move(at);
    if (moves) {
      place.scrollIntoView({ block: 'start' });
      box.focus({ preventScroll: true });
    }
  }

  function drawing(timeline, lanes) {
    const width = left + lanes.length * laneWidth + 360;
    const height = (timeline.length + 2) * rowHeight;
    const svg = drawn('svg', { width, height, viewBox: `0 0 ${width} ${height}` });
    svg.append(
      drawn(
        'defs',
        {},
        drawn(
          'marker',
          { id: 'head', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
          drawn('path', { d: 'M0 0 8 4 0 8z', class: 'head' }),
        ),
      ),
    );
    const x = (name) => left + Math.max(lanes.indexOf(name), 0) * laneWidth + 20;
    const y = (row) => (row + 2) * rowHeight;
    for (const name of lanes) {
      const title = drawn('text', { x: x(name) - 6, y: 18 });
      title.textContent = name;
      svg.append(title, drawn('line', { class: 'lane', x1: x(name), x2: x(name), y1: 26, y2: height }));
    }
    const sent = new Map();
    const groups = timeline.map((line, row) => {
      const group = drawn('g', {
        class: [line.kind === 'fault' || line.kind === 'crashed' ? 'fault' : '', line.broken ? 'broken' : '']
          .join(' ')
          .trim(),
      });
      group.append(drawn('rect', { x: 0, y: y(row) - 16, width, height: rowHeight, fill: 'transparent' }));
      const time = drawn('text', { class: 'time', x: left - 22, y: y(row), 'text-anchor': 'end' });
      time.textContent = `${line.ms} ms`;
      const words = drawn('text', { x: x(line.service) + 12, y: y(row) });
      words.textContent = `${line.what}${line.row === undefined ? '' : `   [${line.row}]`}${line.broken ? '   <- broken here' : ''}`;
      group.append(time, drawn('circle', { class: 'dot', cx: x(line.service), cy: y(row) - 4, r: 4 }), words);
      const { message } = line;
      if (message !== undefined && message.to === undefined)
        sent.set(message.id, { x: x(line.service), y: y(row) - 4 });
      const from = message?.to === undefined ? undefined : sent.get(message.id);
      if (from !== undefined && from.x !== x(line.service)) {
        const side = from.x < x(line.service) ? -6 : 6;
        group.append(
          drawn('line', {
            class: 'arrow',
            x1: from.x,
            y1: from.y,
            x2: x(line.service) + side,
            y2: y(row) - 4,
            'marker-end': 'url(#head)',
          }),
        );
      }
      svg.append(group);
      return group;
    });
    return {
      svg,
      show(at) {
        for (const [row, group] of groups.entries()) {
          group.classList.toggle('later', row > at);
          group.classList.toggle('here', row === at);
        }
      },
    };
  }

  /** What each copy holds after the step: the last thing that was written of it. */
  function stateAt(timeline, at) {
    const rows = new Map();
    for (const line of timeline.slice(0, at + 1)) {
      if (line.row === undefined) continue;
      rows.set(`${line.service} ${line.what.split(' ').slice(0, 2).join(' ')}`, line.row.split(' -> ').pop());
    }
    if (rows.size === 0) return [element('p', { class: 'soft' }, 'No copy holds anything yet.')];
    const lines = [...rows].map(([name, row]) => element('tr', {}, element('td', {}, name), element('td', {}, row)));
    return [element('table', {}, head('copy', 'holds'), element('tbody', {}, lines))];
  }
})();
