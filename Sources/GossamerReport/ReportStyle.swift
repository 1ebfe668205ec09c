/// The style of the report: one sheet, no font and no picture from elsewhere.
enum ReportStyle {
  static let sheet = """
    :root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1d2430;--soft:#5d6776;--rule:#e2e0d9;--accent:#0f6e84;--accent2:#c2572b;--bad:#b3263a;--good:#2e7d4f;--shade:#f1efe9}
    @media (prefers-color-scheme:dark){:root{--paper:#12161c;--card:#1a2029;--ink:#e6e9ee;--soft:#97a2b1;--rule:#2c3542;--accent:#56b6cc;--accent2:#e8905f;--bad:#f07083;--good:#68c28f;--shade:#222a35}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
    .wrap{max-width:1240px;margin:0 auto;padding:0 28px 64px}
    header{padding:44px 0 20px;border-bottom:3px solid var(--accent);margin-bottom:28px}
    .kicker{margin:0;color:var(--accent);font-weight:600;letter-spacing:.09em;text-transform:uppercase;font-size:.8rem}
    h1{font:600 2.5rem/1.15 Georgia,"Iowan Old Style","DejaVu Serif",serif;margin:.15em 0 .2em;overflow-wrap:anywhere}
    h2{font:600 1.5rem/1.25 Georgia,"Iowan Old Style","DejaVu Serif",serif;margin:2.2em 0 .7em;padding-bottom:.25em;border-bottom:1px solid var(--rule)}
    .meta{color:var(--soft);margin:0}
    .state{display:inline-block;padding:.05em .65em;border-radius:99px;background:var(--shade);color:var(--ink);font-size:.9rem}
    nav{margin-top:14px;font-size:.92rem}nav a{margin-right:1.1em}
    a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:2px;overflow-wrap:anywhere}
    .keys{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:14px;margin:0;padding:0}
    .keys div{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:14px 16px}
    .keys dt{color:var(--soft);font-size:.85rem}
    .keys dd{margin:0;font-size:1.65rem;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums;white-space:nowrap}
    .keys small{display:block;font-size:.8rem;font-weight:400;color:var(--soft);white-space:normal}
    .bad dd{color:var(--bad)}.good dd{color:var(--good)}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(460px,100%),1fr));gap:18px;align-items:start}
    .chart{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:14px 18px 10px}
    figcaption{font-weight:600;margin-bottom:8px}
    svg{width:100%;height:auto;display:block;font-size:12px;font-variant-numeric:tabular-nums}
    svg text{fill:var(--soft)}svg .name{fill:var(--ink)}svg .axis{font-size:11.5px;font-style:italic}svg .mark{fill:var(--accent2);font-weight:600;paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
    .bar{fill:var(--accent)}.bar.warm{fill:var(--accent2)}.bar.bad{fill:var(--bad)}.bar:hover{opacity:.75}
    .grid{stroke:var(--rule)}.base{stroke:var(--soft)}.marker{stroke:var(--accent2);stroke-width:1.5;stroke-dasharray:5 3}
    .line{fill:none;stroke:var(--accent);stroke-width:2.2;stroke-linejoin:round}.fill{fill:var(--accent);opacity:.16}
    .line.warm{stroke:var(--accent2)}.fill.warm{fill:var(--accent2)}
    .scroll{overflow-x:auto;background:var(--card);border:1px solid var(--rule);border-radius:10px}
    table{border-collapse:collapse;width:100%;font-size:.92rem}
    th,td{padding:8px 14px;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
    tr:last-child td{border-bottom:0}th{background:var(--shade);font-weight:600;white-space:nowrap}
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    code{font:.9em ui-monospace,Menlo,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
    .k code{white-space:nowrap}td a{display:inline-block;min-width:20em}
    .samples{columns:2 440px;column-gap:20px}
    .samples article{break-inside:avoid;background:var(--card);border:1px solid var(--rule);border-left:4px solid var(--accent);border-radius:10px;padding:12px 18px;margin:0 0 16px}
    .samples h3{margin:0 0 .3em;font-size:1.05rem}.samples p{margin:.3em 0}
    .soft{color:var(--soft);font-size:.86rem}.note{border-left:4px solid var(--accent2);background:var(--card);padding:10px 16px}
    footer{margin-top:48px;color:var(--soft);font-size:.88rem;border-top:1px solid var(--rule);padding-top:14px}
    @media (max-width:620px){.wrap{padding:0 14px 40px}header{padding-top:24px}h1{font-size:1.8rem}.keys{grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px}.keys dd{font-size:1.4rem}.chart{padding:12px 10px 8px}svg{font-size:13.5px}svg .axis{font-size:13px}th,td{padding:7px 10px}}
    @media print{body{background:#fff}.chart,.keys div{break-inside:avoid}}
    """
}
