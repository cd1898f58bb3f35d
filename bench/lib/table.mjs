// table.mjs: the rows of bench/compare.mjs as Markdown.
import {geometricMean} from './statistics.mjs';

export const isQuantized = name => /int8|dyn8/.test(name);

// Quantized models amplify the last bit of what is computed in float.
export function passes(row) {
  if (row.failure) return false;
  return isQuantized(row.model) ? row.snr >= 40 && row.top1 : row.error <= 1e-4;
}

const fixed = (value, digits) => value === undefined || value === null ? '–' : value.toFixed(digits);
const decibels = value => value === Infinity || value === 'Infinity' ? 'equal' : fixed(value, 1);

// Times ONNX Runtime's and edgec's, with the medians in brackets.
function timeCells(times) {
  if (!times) return ['–', '–', '–'];
  const {ort, ortMedian, edgec, edgecMedian, peer} = times;
  return [`${fixed(ort, 3)} (${fixed(ortMedian, 3)})${peer ? ` ${peer}` : ''}`,
          `${fixed(edgec, 3)} (${fixed(edgecMedian, 3)})`, fixed(edgec / ort, 2)];
}

// How much faster the int8 version of a model is than its fp32 version.
function speedUp(row, rows, threads) {
  if (!isQuantized(row.model)) return '';
  const single = rows.find(other => other.model === row.model.replace(/_(int8|dyn8)$/, ''));
  const ours = row.times?.[threads], float = single?.times?.[threads];
  return ours && float ? `${fixed(float.edgec / ours.edgec, 2)} ×` : '–';
}

function meanRows(rows, threads) {
  return [['fp32', row => !isQuantized(row.model)], ['int8', row => isQuantized(row.model)]].flatMap(([kind, belongs]) => {
    const cells = threads.flatMap(count => {
      const ratios = rows.filter(belongs).map(row => row.times?.[count]).filter(Boolean).map(t => t.edgec / t.ort);
      return ['', '', ratios.length ? `**${fixed(geometricMean(ratios), 2)}**` : '–'];
    });
    return rows.some(belongs) ? [`| **geometric mean, ${kind}** | | | | | ${cells.join(' | ')} | |`] : [];
  });
}

export function table(rows, threads, footer) {
  const perCount = threads.map(n => `ONNX Runtime ms, ${n}T | edgec ms, ${n}T | ratio, ${n}T`).join(' | ');
  const columns = 6 + 3 * threads.length;
  const lines = [`| model | error | snr dB | ONNX Runtime with itself dB | top-1 equal | ${perCount} | int8 against fp32 |`,
                 `|${'---|'.repeat(columns)}`];
  for (const row of rows) {
    if (row.failure) {
      lines.push(`| ${row.model} | ${row.failure} |${' |'.repeat(columns - 2)}`);
      continue;
    }
    const cells = threads.flatMap(count => timeCells(row.times?.[count]));
    lines.push(`| ${row.model} | ${row.error.toExponential(1)} | ${decibels(row.snr)} | ${decibels(row.self)} ` +
      `| ${row.top1 ? 'yes' : 'no'} | ${cells.join(' | ')} | ${speedUp(row, rows, threads[0])} |`);
  }
  return [...lines, ...meanRows(rows, threads), '', footer].join('\n') + '\n';
}
