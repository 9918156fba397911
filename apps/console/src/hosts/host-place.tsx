import { Radio, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import type { FaultAt } from '../elements/field-faults.js';
import type { HostDraft } from './host-draft.js';

interface HostPlaceProps {
  readonly draft: HostDraft;
  readonly at: FaultAt;
  readonly notListeners: readonly string[];
  onChange(change: Partial<HostDraft>): void;
}

/** What Windlass switches on the host, and where it looks whether that is served. */
export function HostPlace({ draft, at, notListeners, onChange }: HostPlaceProps) {
  const strange = notListeners.length > 0 ? `No listener: ${notListeners.join(', ')}` : null;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <Textarea
        label="Managed paths"
        description="The client-CA bundles that Windlass switches, one a line. Every other file stays untouched."
        placeholder="/etc/nginx/trust/client-ca.pem"
        required
        autosize
        minRows={2}
        spellCheck={false}
        value={draft.managedPaths}
        error={at('#/managedPaths')}
        onChange={(event) => onChange({ managedPaths: event.currentTarget.value })}
      />
      <Textarea
        label="Listeners"
        description="Where nginx asks for client certificates, one a line: port, or address:port, and the server name."
        placeholder="8443 edge.example"
        required
        autosize
        minRows={2}
        spellCheck={false}
        value={draft.listeners}
        error={strange ?? at('#/probeTargets')}
        onChange={(event) => onChange({ listeners: event.currentTarget.value })}
      />
      <Radio.Group
        label="Access"
        value={draft.access}
        error={at('#/access')}
        onChange={(value) => onChange({ access: value === 'installed' ? 'installed' : 'root' })}
      >
        <Radio mt={6} value="root" label="root: the user may do what the program does" />
        <Radio mt={6} value="installed" label="installed: an administrator installed the program" />
      </Radio.Group>
      <TextInput
        label="nginx"
        description="A jump host or arguments: “Add many”, as JSON."
        value={draft.nginxBinary}
        error={at('#/nginxBinary')}
        onChange={(event) => onChange({ nginxBinary: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}
