namespace DtMcp.Simulator.Endpoints;

/// <summary>What a per-user token may be allowed. Endpoints name those of which any one will do.</summary>
[Flags]
internal enum Permission
{
    None = 0,
    Visualizer = 1,
    PlatformAccountsConsole = 2,
    ViewModels = 4,
    EditModels = 8,
    DeviceAdmin = 16,
    SubnetAdmin = 32,
    Status = 64,
    AdvancedSearch = 128,
    UnrestrictedDevices = 256,
}
