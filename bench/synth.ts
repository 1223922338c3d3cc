// How long the CDK app takes to synthesise: npx tsx bench/synth.ts
import { print, repeat, timed } from './measure.ts';

const synth = (): number => timed('npx', ['cdk', 'synth', '--quiet', '--context', 'env=prod']).seconds;

synth(); // the first one may build the wheels for ARM64
print('cdk synth -c env=prod', repeat(3, synth), 's', 15);
