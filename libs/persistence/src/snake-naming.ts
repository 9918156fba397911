import { DefaultNamingStrategy, Table, type View } from 'typeorm';

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function bare(table: Table | View | string): string {
  const name = typeof table === 'string' ? table : table.name;
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Names that people meet in psql and in error messages: `fleet_id`, `hosts_fleet_id_fkey`. As PostgreSQL's own. */
export class SnakeNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snake(propertyName);
  }

  override primaryKeyName(table: Table | string): string {
    return `${bare(table)}_pkey`;
  }

  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return `${bare(table)}_${columns.map(snake).join('_')}_key`;
  }

  override foreignKeyName(table: Table | string, columns: string[]): string {
    return `${bare(table)}_${columns.map(snake).join('_')}_fkey`;
  }

  override indexName(table: Table | View | string, columns: string[]): string {
    return `${bare(table)}_${columns.map(snake).join('_')}_idx`;
  }
}
