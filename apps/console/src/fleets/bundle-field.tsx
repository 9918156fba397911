import { Alert, Badge, List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { PemInput } from '../elements/pem-input.js';
import { holdsPrivateKey } from '../elements/private-key.js';
import { previewBundle } from './bundle-preview.js';
import { ExpiryBadge } from './expiry-badge.js';

interface BundleFieldProps {
  readonly value: string;
  readonly error: string | null;
  onChange(value: string): void;
}

/** The bundle that the hosts serve today, and what is in it. */
export function BundleField({ value, error, onChange }: BundleFieldProps) {
  return (
    <Stack gap="xs">
      <PemInput
        label="Bundle of today"
        description="The file that ssl_client_certificate names on the hosts, byte for byte. With the revocation “crl” its CRLs too."
        {...{ value, error, onChange }}
        required
      />
      {value.trim() !== '' && !holdsPrivateKey(value) && <Preview pem={value} />}
    </Stack>
  );
}

function Preview({ pem }: { readonly pem: string }) {
  const { data, error } = useQuery({
    queryKey: ['bundle-preview', pem],
    queryFn: () => previewBundle(pem),
    ...{ refetchInterval: false as const, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
  });
  if (error) return <Text size="sm">It cannot be shown here. The API reads it when it is sent.</Text>;
  if (!data) return null;
  const { certificates, unreadable } = data;
  if (certificates.length + unreadable.length === 0) {
    return <Alert color="yellow">There is no certificate in it.</Alert>;
  }
  return (
    <Stack gap={4} role="status" aria-label="What is in the bundle">
      <Text size="sm" fw={600}>
        {certificates.length === 1 ? '1 certificate' : `${certificates.length} certificates`}
      </Text>
      <List size="sm" spacing={4}>
        {certificates.map(({ fingerprint, subject, notAfter, ca }) => (
          <List.Item key={fingerprint}>
            <code>{subject}</code> <ExpiryBadge at={notAfter} />{' '}
            {!ca && (
              <Badge color="red" variant="outline" tt="none">
                ✖ no CA
              </Badge>
            )}
          </List.Item>
        ))}
      </List>
      {unreadable.length > 0 && (
        <Alert color="yellow">Not readable here: block {unreadable.join(', ')} of the certificates.</Alert>
      )}
    </Stack>
  );
}
