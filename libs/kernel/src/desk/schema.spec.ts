import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

interface Shape {
  readonly properties?: Record<string, unknown>;
  readonly required?: readonly string[];
}

const HERE = new URL('./', import.meta.url);
const schema = JSON.parse(
  readFileSync(new URL('../../../../desks/desk.schema.json', import.meta.url), 'utf8'),
) as Shape & {
  readonly $defs: Record<string, Shape>;
};

/** The types of the document and the schema say the same twice; a property added to one alone is caught here. */
describe('desk.schema.json and the types', () => {
  const files = readdirSync(HERE).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  const program = ts.createProgram(
    files.map((name) => fileURLToPath(new URL(name, HERE))),
    {
      noResolve: false,
      skipLibCheck: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
    },
  );
  const checker = program.getTypeChecker();
  const interfaces = new Map<string, { all: string[]; required: string[] }>();
  for (const source of program.getSourceFiles().filter((file) => file.fileName.includes('/kernel/src/desk/'))) {
    source.forEachChild((node) => {
      if (!ts.isInterfaceDeclaration(node)) return;
      const properties = checker.getTypeAtLocation(node).getProperties();
      interfaces.set(node.name.text, {
        all: properties.map((property) => property.name).sort(),
        required: properties
          .filter((p) => (p.flags & ts.SymbolFlags.Optional) === 0)
          .map((p) => p.name)
          .sort(),
      });
    });
  }

  const shapes: [string, Shape][] = Object.entries({ ...schema.$defs, DeskDocument: schema });

  it.each(shapes.filter(([name]) => interfaces.has(name)))('agree on %s', (name, shape) => {
    expect({ all: Object.keys(shape.properties ?? {}).sort(), required: [...(shape.required ?? [])].sort() }).toEqual(
      interfaces.get(name),
    );
  });

  it('leave out no interface that the document uses', () => {
    const used = shapes.filter(([name]) => interfaces.has(name)).map(([name]) => name);
    expect(used).toEqual(
      expect.arrayContaining(['PolicyLine', 'FieldSpec', 'CallBackProduct', 'EmailPolicy', 'DeskDocument']),
    );
    expect(used.length).toBeGreaterThan(50);
  });
});
