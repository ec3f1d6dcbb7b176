import { createRequire } from 'node:module';
import { Client, credentials, makeGenericClientConstructor, type ClientDuplexStream } from '@grpc/grpc-js';
import {
  loadFileDescriptorSetFromBuffer,
  loadSync,
  type MessageTypeDefinition,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader';

/** A method as the running server describes it. */
export interface ReflectedMethod {
  /** `priolane.tickets.v1.TicketService/GetTicket`. */
  readonly name: string;
  /** Paths of the request's fields that name something: `ticketId`, `onBehalfOf.organisationId`. */
  readonly idFields: readonly string[];
}

interface Question {
  readonly listServices?: string;
  readonly fileContainingSymbol?: string;
}

interface Answer {
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] };
  readonly errorResponse?: { readonly errorMessage: string };
}

interface Descriptor {
  readonly field: readonly { readonly name: string; readonly type: string; readonly typeName: string }[];
}

const REFLECTION = 'grpc.reflection.v1.ServerReflection';

/** All methods of the services below a package, by gRPC server reflection and nothing else. */
export async function reflectedMethods(address: string, packageName: string): Promise<ReflectedMethod[]> {
  const proto = createRequire(import.meta.url).resolve('@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto');
  const definition = loadSync(proto)[REFLECTION] as ServiceDefinition;
  const client = new (makeGenericClientConstructor(definition, REFLECTION))(address, credentials.createInsecure());
  try {
    const { listServicesResponse } = await ask(client, { listServices: '' });
    const names = listServicesResponse!.service.map(({ name }) => name).filter((name) => name.startsWith(`${packageName}.`));
    const files = new Map<string, Buffer>();
    for (const name of names) {
      const { fileDescriptorResponse } = await ask(client, { fileContainingSymbol: name });
      for (const file of fileDescriptorResponse!.fileDescriptorProto) files.set(file.toString('base64'), file);
    }
    const described = loadFileDescriptorSetFromBuffer(fileSet([...files.values()]));
    return names.flatMap((name) => methodsOf(described, described[name] as ServiceDefinition));
  } finally {
    client.close();
  }
}

function ask(client: Client, question: Question): Promise<Answer> {
  const { path, requestSerialize, responseDeserialize } = (
    client as unknown as { constructor: { service: Record<string, ServiceDefinition[string]> } }
  ).constructor.service['ServerReflectionInfo']!;
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize) as ClientDuplexStream<Question, Answer>;
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('data', (answer: Answer) => {
      stream.end();
      if (answer.errorResponse) reject(new Error(answer.errorResponse.errorMessage));
      else resolve(answer);
    });
    stream.write(question);
  });
}

/** A FileDescriptorSet is its files, each with field number 1 and its length before it. */
function fileSet(files: readonly Buffer[]): Buffer {
  return Buffer.concat(files.flatMap((file) => [Buffer.from([0x0a, ...varint(file.length)]), file]));
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

function methodsOf(described: PackageDefinition, service: ServiceDefinition): ReflectedMethod[] {
  return Object.values(service).map(({ path, requestType }) => ({
    name: path.slice(1),
    idFields: idFields(described, (requestType as MessageTypeDefinition<object, object>).type as Descriptor),
  }));
}

/** The request id names the call itself. */
function idFields(described: PackageDefinition, message: Descriptor, prefix = ''): string[] {
  return message.field.flatMap((field) => {
    const name = prefix + field.name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const nested = described[field.typeName.replace(/^\./, '')] as MessageTypeDefinition<object, object> | undefined;
    if (field.type === 'TYPE_MESSAGE' && nested && !field.typeName.startsWith('.google.')) {
      return idFields(described, nested.type as Descriptor, `${name}.`);
    }
    return field.type === 'TYPE_STRING' && /_id$|^external_reference$/.test(field.name) && field.name !== 'request_id' ? [name] : [];
  });
}
