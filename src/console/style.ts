/** The console's stylesheet. A string of the program, since Workers have no files to read. */
export const STYLE = `:root {
  color-scheme: light;
  --ink: #1d2530; --quiet: #5a6675; --line: #dbe0e6; --ground: #f3f5f7; --paper: #fff;
  --brand: #8a1c1c; --act: #1b4f8a; --act-dark: #143d6b;
  --good: #17663a; --good-ground: #e2f3e8; --bad: #a11d1d; --bad-ground: #fbe7e6;
  --wait: #8a5300; --wait-ground: #fdf0d5; --busy: #1b4f8a; --busy-ground: #e3eefb; --past: #4d5866; --past-ground: #e8ebef;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
a { color: var(--act); text-underline-offset: 2px; }
:focus-visible { outline: 3px solid #6aa6e8; outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .25rem .75rem; z-index: 1; }
header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1.5rem; padding: .75rem clamp(1rem, 4vw, 2.5rem); background: var(--paper); border-top: 4px solid var(--brand); border-bottom: 1px solid var(--line); }
.brand { display: flex; align-items: center; gap: .65rem; color: var(--brand); font-weight: 700; text-decoration: none; }
.brand small { display: block; color: var(--quiet); font-weight: 400; line-height: 1.2; }
.rooms { display: flex; gap: 1.2rem; margin-right: auto; }
.account { display: flex; align-items: center; gap: .9rem; font-size: .95rem; }
main { max-width: 84rem; margin: 0 auto; padding: 1.25rem clamp(1rem, 4vw, 2.5rem) 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.1rem; margin: 0 0 .6rem; }
h3 { font-size: 1rem; margin: .9rem 0 .4rem; }
h3 .quiet { font-weight: 400; }
h4 { font-size: .9rem; margin: .8rem 0 .25rem; }
p { margin: 0 0 .75rem; }
.quiet { color: var(--quiet); }
.small { font-size: .875rem; }
.block { display: block; font-size: .875rem; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 1.1rem 1.25rem; margin: 0 0 1.1rem; }
.narrow { max-width: 27rem; margin: clamp(1rem, 8vh, 5rem) auto; }
.back { margin-bottom: .6rem; }
label { display: block; font-size: .9rem; font-weight: 600; }
input, select { display: block; width: 100%; min-height: 2.6rem; margin-top: .2rem; padding: .4rem .65rem; border: 1px solid #8793a3; border-radius: 6px; background: var(--paper); color: inherit; font: inherit; font-weight: 400; }
button, .button { display: inline-flex; align-items: center; justify-content: center; min-height: 2.6rem; padding: .35rem 1.15rem; border: 1px solid var(--act); border-radius: 6px; background: var(--act); color: #fff; font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; white-space: nowrap; }
button:hover, .button:hover { background: var(--act-dark); }
.plain { background: var(--paper); color: var(--act); border-color: #b3bfcd; }
.plain:hover { background: var(--busy-ground); }
.stack { display: grid; gap: 1rem; }
.filters { display: flex; flex-wrap: wrap; align-items: flex-end; gap: .8rem; margin-bottom: 1.1rem; }
.filters label { flex: 1 1 13rem; }
.filters .grow { flex-grow: 2; }
.actions { display: flex; gap: .5rem; }
.equation { display: flex; flex-wrap: wrap; gap: .4rem 0; margin: 0; padding: 0; list-style: none; }
.equation li { display: flex; align-items: center; }
.equation li + li::before { content: "+"; padding: 0 .55rem; color: var(--quiet); font-size: 1.2rem; }
.equation li:nth-child(2)::before { content: "="; }
.equation a { display: block; min-width: 6.2rem; padding: .35rem .75rem; border: 1px solid var(--line); border-radius: 6px; color: inherit; text-decoration: none; }
.equation a:hover { border-color: var(--act); }
.equation b { display: block; font-size: 1.3rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.equation span { font-size: .875rem; color: var(--quiet); }
.equation .delivered b { color: var(--good); }
.equation .failed b { color: var(--bad); }
.equation .pending b { color: var(--wait); }
table { width: 100%; border-collapse: collapse; font-size: .95rem; }
th { text-align: left; font-size: .85rem; color: var(--quiet); border-bottom: 2px solid var(--line); padding: .4rem .6rem; white-space: nowrap; }
td { padding: .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:hover { background: #f7f9fb; }
td.id, .code, time { white-space: nowrap; }
td.task { min-width: 15.5rem; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
th:nth-child(6) { text-align: right; }
.imports th:nth-child(6), .dossiers th:nth-child(6) { text-align: left; }
.counts { width: auto; min-width: 22rem; }
.counts th:nth-child(2) { text-align: right; }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 999px; font-size: .85rem; font-weight: 600; white-space: nowrap; background: var(--past-ground); color: var(--past); }
.badge.delivered { background: var(--good-ground); color: var(--good); }
.badge.failed, .badge.refused { background: var(--bad-ground); color: var(--bad); }
.badge.waiting, .badge.transient, .badge.unknown { background: var(--wait-ground); color: var(--wait); }
.badge.queued, .badge.sending { background: var(--busy-ground); color: var(--busy); }
progress { display: block; width: 100%; min-width: 8rem; height: .8rem; accent-color: var(--good); }
.badge.running { background: var(--busy-ground); color: var(--busy); }
.badge.paused, .badge.incomplete { background: var(--wait-ground); color: var(--wait); }
.badge.open { background: var(--bad-ground); color: var(--bad); }
.badge.repairing { background: var(--busy-ground); color: var(--busy); }
.badge.repaired { background: var(--good-ground); color: var(--good); }
.badge.finished { background: var(--good-ground); color: var(--good); }
td form { display: inline; }
.empty { padding: 1.5rem 0; text-align: center; color: var(--quiet); }
.pages { display: flex; flex-wrap: wrap; gap: .75rem; justify-content: flex-end; margin-top: 1rem; }
.notice { padding: .65rem 1rem; border-radius: 6px; border-left: 5px solid; }
.notice.good { background: var(--good-ground); color: var(--good); }
.notice.bad { background: var(--bad-ground); color: var(--bad); }
.headline { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .9rem; margin-bottom: .75rem; }
.headline h1 { margin: 0; }
.cause { background: #fdf6f0; border: 1px solid #efd9c6; border-radius: 6px; padding: .8rem 1rem .1rem; margin-bottom: 1rem; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .8rem 1.5rem; margin: 1.1rem 0 0; }
.facts dt { font-size: .85rem; color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.attempt { margin: 0; padding: .65rem 0; border-top: 1px solid var(--line); }
summary { cursor: pointer; }
summary .quiet, p.attempt .quiet { font-size: .9rem; margin-left: .4rem; }
pre { margin: 0; max-height: 26rem; overflow: auto; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; background: #f8fafb; font: .85rem/1.45 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font: .9em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
@media (max-width: 46rem) {
  .card { padding: .9rem; }
  .account { width: 100%; justify-content: space-between; }
  .equation { gap: .4rem .5rem; }
  .equation li { flex: 1 1 45%; }
  .equation li + li::before { padding: 0 .5rem 0 0; }
  .equation li::before { min-width: 1.4rem; }
  .equation .accepted { flex-basis: 100%; }
  .equation a { flex: 1; }
  thead { position: absolute; left: -999rem; }
  table, tbody, tr, td { display: block; }
  tr { border: 1px solid var(--line); border-radius: 8px; padding: .55rem .75rem; margin-bottom: .7rem; }
  td, td.number { border: 0; padding: .12rem 0; text-align: left; }
  td.id, td.state { display: inline-block; margin-right: .6rem; }
  td.task { min-width: 0; }
  td:empty { display: none; }
  td.code { white-space: normal; overflow-wrap: anywhere; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--quiet); }
  .actions > *, .pages > * { flex: 1; }
  .actions { width: 100%; }
}
`;
