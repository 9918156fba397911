import { Alert, List, Text } from '@mantine/core';
import { ApiProblem } from '#api-client';

/** What went wrong, in the words of the API, and what to do next. */
export function ProblemAlert({ error }: { readonly error: unknown }) {
  if (!(error instanceof ApiProblem)) {
    return (
      <Alert color="red" title="This did not work" role="alert">
        {error instanceof Error ? error.message : String(error)}
      </Alert>
    );
  }
  const { title, detail, nextAction, errors } = error.problem;
  return (
    <Alert color="red" title={title} role="alert">
      <Text size="sm">{detail}</Text>
      {errors !== undefined && errors.length > 0 && (
        <List size="sm">
          {errors.map(({ pointer, detail: fault }) => (
            <List.Item key={`${pointer} ${fault}`}>
              <code>{pointer}</code> {fault}
            </List.Item>
          ))}
        </List>
      )}
      {nextAction !== undefined && (
        <Text size="sm" mt={4}>
          Next: {nextAction}
        </Text>
      )}
    </Alert>
  );
}
