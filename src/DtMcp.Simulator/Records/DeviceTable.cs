namespace DtMcp.Simulator.Records;

/// <summary>The devices of a record set, in order of their number.</summary>
internal sealed class DeviceTable
{
    private readonly Device[] _devices;
    private readonly Device?[] _byAddress;

    public DeviceTable(IReadOnlyList<Device> devices, int addresses)
    {
        _devices = [.. devices];
        _byAddress = new Device?[addresses];
        foreach (var device in devices)
        {
            _byAddress[device.AddressIndex] = device;
        }
    }

    public IReadOnlyList<Device> All => _devices;

    public Device? ByDid(long did) => did >= 1 && did <= _devices.Length ? _devices[did - 1] : null;

    /// <summary>The device at a row of <see cref="RecordSet.Addresses"/>; null for an address that is none.</summary>
    public Device? At(int addressIndex) => _byAddress[addressIndex];
}
