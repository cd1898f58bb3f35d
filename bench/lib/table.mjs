// table.mjs: the rows of bench/compare.mjs as Markdown.
import {geometricMean} from './statistics.mjs';

export const isQuantized = name => /int8|dyn8/.test(name);
export const isApproximate = name => isQuantized(name) || /--weights=/.test(name);

// The least signal-to-noise ratio that rounding to 8 or 11 bits explains, and how
// much farther than from itself ONNX Runtime's result may be, in decibel.
const LEAST_SNR = 40, SELF_MARGIN = 3;

export function passes(row) {
  if (row.failure) return false;
  if (!isApproximate(row.model)) return row.error <= 1e-4;
  const self = row.self ?? {snr: Infinity, top1: true};
  return row.snr >= Math.min(LEAST_SNR, self.snr - SELF_MARGIN) && (row.top1 || !self.top1 || self.snr < LEAST_SNR);
}

const fixed = (value, digits) => value === undefined || value === null ? '–' : value.toFixed(digits);
const decibels = value => value === Infinity || value === 'Infinity' ? 'equal' : fixed(value, 1);

// Times ONNX Runtime's and edgec's, with the medians in brackets.
function timeCells(times) {
  if (!times) return ['–', '–', '–'];
  const {ort, ortMedian, edgec, edgecMedian, peer, ratio, lowest, highest} = times;
  return [`${fixed(ort, 3)} (${fixed(ortMedian, 3)})${peer ? ` ${peer}` : ''}`,
          `${fixed(edgec, 3)} (${fixed(edgecMedian, 3)})`,
          `${fixed(ratio, 2)} (${fixed(lowest, 2)}–${fixed(highest, 2)})`];
}

// How much faster the int8 version of a model is than its fp32 version.
function speedUp(row, rows, threads) {
  if (!isQuantized(row.model)) return '';
  const single = rows.find(other => other.model === row.model.replace(/_(int8|dyn8)$/, ''));
  const ours = row.times?.[threads], float = single?.times?.[threads];
  return ours && float ? `${fixed(float.edgec / ours.edgec, 2)} ×` : '–';
}

// How much faster the most threads make it.
function scaling(row, threads) {
  const first = row.times?.[threads[0]], last = row.times?.[threads.at(-1)];
  return first && last ? `${fixed(first.edgec / last.edgec, 2)} ×` : '–';
}

// Rows of models that were compiled with options stand beside the plain ones.
function meanRows(rows, threads, scales) {
  const kinds = [['fp32', name => !isApproximate(name)], ['int8', name => isQuantized(name) && !name.includes(' ')]];
  return kinds.flatMap(([kind, has]) => {
    const belongs = row => has(row.model);
    const cells = threads.flatMap(count => {
      const ratios = rows.filter(belongs).map(row => row.times?.[count]).filter(Boolean).map(t => t.ratio);
      return ['', '', ratios.length ? `**${fixed(geometricMean(ratios), 2)}**` : '–'];
    });
    return rows.some(belongs) ? [`| **geometric mean, ${kind}** | | | | | ${cells.join(' | ')} |${scales ? ' |' : ''} |`] : [];
  });
}

export function table(rows, threads, footer) {
  const perCount = threads.map(n => `ONNX Runtime ms, ${n}T | edgec ms, ${n}T | ratio, ${n}T`).join(' | ');
  const scales = threads.length > 1;
  const last = [...(scales ? [`edgec ${threads.at(-1)}T against ${threads[0]}T`] : []), 'int8 against fp32'];
  const columns = 5 + 3 * threads.length + last.length;
  const lines = [`| model | error | snr dB | ONNX Runtime with itself dB | top-1 equal | ${perCount} | ${last.join(' | ')} |`,
                 `|${'---|'.repeat(columns)}`];
  for (const row of rows) {
    if (row.failure) {
      lines.push(`| ${row.model} | ${row.failure} |${' |'.repeat(columns - 2)}`);
      continue;
    }
    const cells = threads.flatMap(count => timeCells(row.times?.[count]));
    if (scales) cells.push(scaling(row, threads));
    lines.push(`| ${row.model} | ${row.error.toExponential(1)} | ${decibels(row.snr)} | ${decibels(row.self?.snr)} ` +
      `| ${row.top1 ? 'yes' : 'no'} | ${cells.join(' | ')} | ${speedUp(row, rows, threads[0])} |`);
  }
  return [...lines, ...meanRows(rows, threads, scales), '', footer].join('\n') + '\n';
}
