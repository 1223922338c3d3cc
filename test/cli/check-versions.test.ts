import { checkVersions, describeFinding, readPins } from '../../cli/doctor/check.ts';

const LOCK = ['ministack==1.5.33 \\', '    --hash=sha256:00 \\', '    # via -r local.in', 'Dbt_Core==1.11.16'].join(
  '\n',
);

describe('the doctor', () => {
  test('reads versions from a lock file, however a name is written', () => {
    expect(readPins(LOCK)).toEqual(
      new Map([
        ['ministack', '1.5.33'],
        ['dbt-core', '1.11.16'],
      ]),
    );
  });

  test('is content with packages as they are pinned', () => {
    const finding = checkVersions(readPins(LOCK), new Map([...readPins(LOCK), ['pip', '25.0']]));
    expect(describeFinding(finding)).toBe('ok       Python packages: 2 as pinned');
  });

  test('names each package that differs or is missing, and the fix', () => {
    const finding = checkVersions(readPins(LOCK), new Map([['ministack', '1.6.0']]));
    expect(describeFinding(finding)).toBe(
      'problem  Python packages: ministack 1.6.0 instead of 1.5.33, dbt-core missing instead of 1.11.16; run `npm run setup`',
    );
  });
});
