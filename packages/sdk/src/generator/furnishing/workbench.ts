import type { RandomStream } from '../../foundation/random.ts';
import { box, plank } from '../kit/box.ts';
import { beam } from '../kit/joinery.ts';
import { lathe } from '../kit/lathe.ts';
import { tube } from '../kit/loft.ts';
import { createPart } from '../kit/part.ts';
import type { Shape } from '../kit/shape.ts';
import type { Palette } from '../materials/palette.ts';
import type { GeneratedPart } from '../model.ts';
import type { ObjectSpec } from '../object-spec.ts';
import { finishOf, SOLID_CLASSES } from './finish.ts';

/** A joiner's bench: thick top, shelf, vice with wooden jaw, tool rack behind. */
export function workbenchParts(spec: ObjectSpec, palette: Palette, random: RandomStream): GeneratedPart[] {
  const style = random.fork('style');
  const wood = finishOf(spec, palette, {
    classes: SOLID_CLASSES,
    fallback: style.pick(['oak', 'pine']),
    parts: ['frame', 'leg'],
    colorIndex: 0,
  });
  const iron = palette.material('dark-iron');
  const light = palette.material(style.pick(['birch', 'pine', 'oak']));
  const length = style.range(1.6, 1.85);
  const depth = 0.66;
  const height = 0.88;
  const thickness = 0.085;
  const under = height - thickness;
  const frame: Shape[] = [];
  const count = 4;
  const boards: Shape[] = [];
  for (let index = 0; index < count; index += 1) {
    const width = depth / count;
    const board = plank(length, thickness, width - 0.003, {
      random: style.fork(`top ${index}`),
      bevel: 0.009,
      roughness: 0.3,
    });
    boards.push(board.translate(0, under + thickness / 2, -depth / 2 + width * (index + 0.5)));
  }
  const x = length / 2 - 0.17;
  const z = depth / 2 - 0.08;
  for (const sx of [1, -1]) {
    for (const sz of [1, -1])
      frame.push(
        beam(
          [
            [sx * x, 0, sz * z],
            [sx * x, under, sz * z],
          ],
          0.1,
          0.1,
          { bevel: 0.012 },
        ),
      );
    for (const y of [0.16, under - 0.06])
      frame.push(
        beam(
          [
            [sx * x, y, -z],
            [sx * x, y, z],
          ],
          0.06,
          0.1,
        ),
      );
  }
  for (const sz of [1, -1]) {
    frame.push(
      beam(
        [
          [-x, 0.16, sz * z],
          [x, 0.16, sz * z],
        ],
        0.06,
        0.11,
      ),
    );
    frame.push(
      beam(
        [
          [-x, under - 0.06, sz * z],
          [x, under - 0.06, sz * z],
        ],
        0.05,
        0.12,
      ),
    );
  }
  const shelfCount = 5;
  for (let index = 0; index < shelfCount; index += 1) {
    const width = (2 * z + 0.02) / shelfCount;
    boards.push(
      plank(2 * x - 0.06, 0.024, width - 0.006, { random: style.fork(`shelf ${index}`), bevel: 0.005 }).translate(
        0,
        0.235,
        -z + width * (index + 0.5) - 0.01,
      ),
    );
  }
  // the vice: jaw, screw and sliding bar at the front left
  const jawX = -x + 0.22;
  const jawZ = depth / 2 + style.range(0.07, 0.11);
  const jaw = [
    beam(
      [
        [jawX, under - 0.2, jawZ],
        [jawX, height - 0.004, jawZ],
      ],
      0.2,
      0.06,
      { up: [0, 0, 1], bevel: 0.01 },
    ),
  ];
  const metal: Shape[] = [];
  metal.push(
    tube(
      [
        [jawX, under - 0.06, depth / 2 - 0.06],
        [jawX, under - 0.06, jawZ + 0.09],
      ],
      0.017,
      10,
    ),
  );
  metal.push(
    lathe(
      [
        [0, 0],
        [0.03, 0],
        [0.034, 0.012],
        [0.034, 0.034],
        [0.028, 0.045],
        [0, 0.048],
      ],
      { segments: 12 },
    )
      .rotateX(Math.PI / 2)
      .translate(jawX, under - 0.06, jawZ + 0.05),
  );
  metal.push(
    tube(
      [
        [jawX - 0.13, under - 0.075, jawZ + 0.075],
        [jawX + 0.11, under - 0.045, jawZ + 0.075],
      ],
      0.009,
      8,
    ),
  );
  // a rack of tools along the back
  const rackY = height + 0.22;
  frame.push(
    beam(
      [
        [-x, height - 0.03, -z - 0.01],
        [-x, rackY + 0.16, -z - 0.01],
      ],
      0.06,
      0.05,
    ).mirrored('x'),
  );
  frame.push(
    beam(
      [
        [-x - 0.06, rackY, -z - 0.01],
        [x + 0.06, rackY, -z - 0.01],
      ],
      0.035,
      0.08,
    ),
  );
  frame.push(
    beam(
      [
        [-x - 0.06, rackY + 0.14, -z - 0.01],
        [x + 0.06, rackY + 0.14, -z - 0.01],
      ],
      0.03,
      0.05,
    ),
  );
  const handles: Shape[] = [];
  const toolCount = style.integer(4, 6);
  for (let index = 0; index < toolCount; index += 1) {
    const toolX = -x + 0.2 + ((2 * x - 0.4) * index) / (toolCount - 1);
    const toolZ = -z + 0.03;
    handles.push(
      lathe(
        [
          [0, 0],
          [0.012, 0],
          [0.017, 0.03],
          [0.012, 0.06],
          [0.016, 0.1],
          [0.012, 0.12],
          [0, 0.124],
        ],
        { segments: 10 },
      )
        .crease(60)
        .translate(toolX, rackY + 0.04, toolZ),
    );
    const blade = style.range(0.09, 0.17);
    metal.push(
      box(style.range(0.016, 0.034), blade, 0.006, { bevel: 0.002, grain: 'y' }).translate(
        toolX,
        rackY + 0.045 - blade / 2,
        toolZ,
      ),
    );
  }
  handles.push(
    tube(
      [
        [0.18, height + 0.012, 0.1],
        [0.42, height + 0.012, 0.16],
      ],
      (t) => 0.013 + 0.004 * t,
      8,
    ),
  );
  metal.push(
    box(0.045, 0.045, 0.11, { bevel: 0.008 })
      .rotateY(0.25)
      .translate(0.42, height + 0.022, 0.16),
  );
  return [
    createPart('frame', wood, frame),
    createPart('boards', light, [...boards, ...jaw]),
    createPart('iron', iron, metal),
    createPart('handles', palette.material('mahogany'), handles),
  ];
}
