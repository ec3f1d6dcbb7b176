import { getMetadataArgsStorage } from 'typeorm';

/**
 * The columns of an entity for a hand-written SELECT, each under its property's name, so that a row is the entity:
 * `"desk_id" AS "deskId", …`. `alias` is the table's alias in the query.
 */
export function selectList(entity: new () => object, alias?: string): string {
  const prefix = alias ? `${alias}.` : '';
  return getMetadataArgsStorage()
    .columns.filter((column) => column.target === entity)
    .map((column) => `${prefix}"${column.options.name ?? column.propertyName}" AS "${column.propertyName}"`)
    .join(', ');
}
