// edgec.mjs: the compiler as the measuring scripts call it.
import {execFileSync} from 'node:child_process';
import {accessSync, constants} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {readNpy, writeNpy} from './npy.mjs';
import {UsageError} from './errors.mjs';

const here = dirname(fileURLToPath(import.meta.url));

export class Edgec {
  // path: of the program; options: more of them for every model.
  constructor(path, options) {
    this.path = path;
    this.options = options;
    try {
      accessSync(path, constants.X_OK);
    } catch {
      throw new UsageError(`no compiler at '${path}': build it, or name it with --edgec=PATH`);
    }
  }

  call(...argv) {
    try {
      return execFileSync(this.path, argv, {stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28}).toString();
    } catch (error) {
      const lines = error.stderr?.toString().split('\n') ?? [];
      throw new Error(lines.find(line => line.startsWith('edgec: error:')) ?? error.message.split('\n')[0]);
    }
  }

  // Outputs by name; inputs and outputs lie in `folder` as files afterwards.
  run(model, inputs, names, folder, more = []) {
    const argv = ['run', model, ...this.optionsFor(inputs), ...more];
    inputs.forEach((input, k) => {
      const file = join(folder, `in${k}.npy`);
      writeNpy(file, input.type, input.dims, input.data);
      argv.push(`--input=${input.name}=${file}`);
    });
    names.forEach((name, k) => argv.push(`--output=${name}=${join(folder, `out${k}.npy`)}`));
    this.call(...argv);
    return Object.fromEntries(names.map((name, k) => [name, readNpy(join(folder, `out${k}.npy`))]));
  }

  // The library's path, and the machine that it is for.
  compile(model, inputs, folder) {
    const report = JSON.parse(this.call('compile', model, '-o', folder, '--emit=shared', '--name=model', '--json',
      ...this.optionsFor(inputs)));
    return {library: join(folder, 'libmodel.so'), target: report.target};
  }

  bench(library, threads, seconds) {
    return JSON.parse(this.call('bench', library, `--threads=${threads}`, `--seconds=${seconds}`, '--json'));
  }

  optionsFor(inputs) {
    const shapes = inputs.filter(({dims}) => dims.length > 0).map(({name, dims}) => `--shape=${name}=${dims.join('x')}`);
    return [...shapes, ...this.options];
  }

  // The version, with the source's commit where it is known.
  version() {
    const version = this.call('--version').split('\n')[0];
    try {
      const git = (...argv) => execFileSync('git', ['-C', here, ...argv], {stdio: ['ignore', 'pipe', 'ignore']})
        .toString().trim();
      return `${version} (${git('describe', '--always', '--abbrev=7', '--dirty')})`;
    } catch {
      return version;
    }
  }
}
