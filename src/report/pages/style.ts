/** The page's style: one column of reading width for words, the full one for pictures; light, dark and print by variables. */
import { paletteVariables } from "./palette.js";

const LIGHT = `--page:#ffffff;--panel:#f7f8fa;--ink:#15191e;--muted:#5a6572;--line:#b9c1ca;--grid:#e9ecef;--accent:#0b62a8;--warn:#a33b00;${paletteVariables("light")}`;
const DARK = `--page:#14181d;--panel:#1b2027;--ink:#e8ebee;--muted:#9ba7b3;--line:#4c5763;--grid:#29303a;--accent:#6cb8f0;--warn:#ffab70;${paletteVariables("dark")}`;

export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums lining-nums;-webkit-text-size-adjust:100%}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.25rem .5rem;z-index:2}
.page{display:grid;grid-template-columns:minmax(0,1fr);max-width:1360px;margin:0 auto;padding:0 1.5rem 4rem}
header.top{padding:2.75rem 0 1.25rem;border-bottom:1px solid var(--grid)}
.kind{margin:0;color:var(--muted);font-size:.75rem;font-weight:600;letter-spacing:.08em;text-transform:uppercase}
h1{margin:.1rem 0 .35rem;font-size:2.1rem;line-height:1.15;font-weight:650;letter-spacing:-.02em;overflow-wrap:anywhere}
.lead{max-width:68ch;margin:.25rem 0 0;font-size:1.05rem;color:var(--muted)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:0;padding:.75rem 0;list-style:none}
nav a{color:var(--muted);text-decoration:none;font-size:.875rem}nav a:hover{color:var(--accent);text-decoration:underline}
section{padding:2.25rem 0 0}
h2{margin:0 0 .9rem;font-size:1.3rem;font-weight:640;letter-spacing:-.01em}
h3{margin:0 0 .6rem;font-size:.98rem;font-weight:600}
p{max-width:75ch}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:.9rem 1.5rem;margin:1.4rem 0 0}
.facts dt{color:var(--muted);font-size:.78rem}.facts dd{margin:0;font-size:.92rem;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(148px,1fr));gap:.7rem;margin:0 0 1.4rem;padding:0;list-style:none}
.tiles li{background:var(--panel);border-radius:8px;padding:.8rem .95rem}
.tiles .name{display:block;color:var(--muted);font-size:.8rem}.tiles .value{display:block;font-size:1.5rem;font-weight:620;letter-spacing:-.01em}.tiles .unit{display:block;color:var(--muted);font-size:.8rem;font-weight:400;letter-spacing:0}
figure{margin:0 0 2rem;min-width:0}
figcaption{max-width:88ch;margin:.55rem 0 0;color:var(--muted);font-size:.85rem;line-height:1.5}
.plot{overflow-x:auto}.plot svg{display:block;width:100%;height:auto;min-width:min(100%,440px)}
.plot svg text{font-variant-numeric:tabular-nums}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:0 2.25rem;align-items:start}
.trio{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:0 2rem;align-items:start}
.missing{margin:.2rem 0 1rem;padding:.55rem .8rem;border-left:3px solid var(--line);background:var(--panel);color:var(--muted);font-size:.88rem}
.missing ul{margin:.3rem 0 0;padding-left:1.2rem}.bad{color:var(--warn);font-weight:600}
.pictures{display:grid;gap:1.1rem;margin:0 0 .4rem;padding:0;list-style:none}
.pictures p{margin:0 0 .3rem;font-size:.82rem;font-weight:600}
.pictures img,.sample img{display:block;max-width:100%;height:auto;image-rendering:pixelated;border-radius:4px;background:var(--panel)}
.pictures img{width:100%}
.swatch{display:inline-block;width:.7em;height:.7em;border-radius:50%;margin-right:.4em}
.scroll{overflow-x:auto;max-height:80vh}.scroll+.reading{margin-top:1.6rem}.scroll+h3,.notes+h3,details+h3{margin-top:1.9rem}
table{border-collapse:collapse;font-size:.84rem;line-height:1.35}
.reading{max-width:88ch;margin:0 0 .7rem;color:var(--muted);font-size:.85rem}
th,td{padding:.38rem .65rem;text-align:left;border-bottom:1px solid var(--grid);vertical-align:baseline}
thead{position:sticky;top:0;background:var(--page)}thead th{color:var(--muted);font-weight:500;border-bottom:1px solid var(--line);vertical-align:bottom;white-space:normal;max-width:8.5rem;overflow-wrap:break-word}thead th.number{white-space:normal}thead th.figure{min-width:6.6rem}.choice{white-space:nowrap}
thead th.group{border-left:1px solid var(--grid)}tbody th{font-weight:500}tbody tr:hover{background:var(--panel)}
.number{text-align:right;white-space:nowrap}.spread{color:var(--muted)}.note{max-width:40ch;min-width:6.5rem;color:var(--muted);white-space:normal}
th button{all:unset;cursor:pointer;font:inherit;color:inherit}th button:hover{color:var(--accent)}th button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
th button::after{content:"\\a0↕";opacity:.45}th[aria-sort=ascending] button::after{content:"\\a0↑";opacity:1}th[aria-sort=descending] button::after{content:"\\a0↓";opacity:1}
tr.section th{padding-top:.9rem;color:var(--muted);font-size:.78rem;font-weight:600}.readings{max-width:88ch;margin:.4rem 0 0;font-size:.85rem}.readings dt{margin-top:.5rem;font-weight:500}.readings dd{margin:0;color:var(--muted)}
.controls th,.controls td{color:var(--muted)}.controls tr:first-child>*{border-top:1px solid var(--line)}
.unit-line{display:block;font-weight:400;font-size:.76rem}
sup{line-height:0}.notes{margin:.7rem 0 0;padding-left:1.1rem;color:var(--muted);font-size:.85rem;max-width:88ch}
.evaluations{margin:0;padding:0;list-style:none}
details{margin:.6rem 0}summary{cursor:pointer;color:var(--muted);font-size:.85rem}summary:hover{color:var(--accent)}
pre{overflow:auto;max-height:70vh;padding:1rem;border-radius:8px;background:var(--panel);font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--grid);color:var(--muted);font-size:.82rem}
@media (min-width:1180px){
tbody th{white-space:nowrap}
.page{grid-template-columns:150px minmax(0,1fr);column-gap:3rem}
header.top,main,footer{grid-column:2}nav{grid-column:1;grid-row:2}nav ul{position:sticky;top:1.5rem;display:block;padding:2.4rem 0 0}nav li{margin:0 0 .45rem}
header.top{grid-row:1}main{grid-row:2}}
@media (max-width:700px){.plot svg{min-width:calc(var(--width)*.75)}.note{min-width:11rem}}
@media print{:root{color-scheme:light;${LIGHT}}
html{font-size:12px}body{font-size:9.5pt}.page{display:block;max-width:none;padding:0}nav,.skip,th button::after{display:none}
figure,tr,.tiles{break-inside:avoid}h2,h3{break-after:avoid}.scroll,pre{max-height:none;overflow:visible}thead{position:static}table{font-size:7pt}th,td{padding:.2rem .3rem}thead th.figure{min-width:0}.note{min-width:0}.unit-line{font-size:inherit}.more summary{display:none}.more::details-content{content-visibility:visible;display:block;block-size:auto}.pair{grid-template-columns:1fr 1fr}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}a{color:inherit}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`.trim();
