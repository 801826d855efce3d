namespace DtMcp.Darktrace.Flows;

/// <summary>An address while it belonged to one device.</summary>
internal readonly record struct DeviceAddress(UInt128 Bits, long Did);

/// <summary>Addresses of devices as keys of a dictionary, under a secret hash: both may be chosen by others.</summary>
internal sealed class KeyedDeviceAddresses(KeyedHash hash) : IEqualityComparer<DeviceAddress>
{
    public bool Equals(DeviceAddress x, DeviceAddress y) => x == y;

    public int GetHashCode(DeviceAddress obj) => (int)hash.Place(hash.Of((ulong)(obj.Bits >> 64), (ulong)obj.Bits), (ulong)obj.Did);
}
