/** The mark of Windlass: an anchor. */
export function Anchor({ size = 24 }: { readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      stroke="var(--mantine-primary-color-filled)"
      strokeWidth="2.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flexShrink: 0 }}
    >
      <circle cx="16" cy="6.5" r="3.2" />
      <path d="M16 9.7v18.5M10 14.5h12M4.5 18.5c0 5.6 5 9.7 11.500 9.700s11.500-4.100 11.500-9.700M4.500 18.500l-1.700 3.700M4.500 18.500l3.700 1.900M27.500 18.500l1.700 3.700M27.500 18.500l-3.700 1.900" />
    </svg>
  );
}
