import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { PageTitle } from '../elements/page-title.js';

export function NotFoundPage() {
  return (
    <Stack>
      <PageTitle title="There is no such page" />
      <Text>
        The address may be of another release.{' '}
        <Anchor component={Link} href="/" underline="always">
          Go to the fleets
        </Anchor>
        .
      </Text>
    </Stack>
  );
}
