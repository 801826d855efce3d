using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries;

/// <summary>What an answer in tables is about: the appliance counts differently for each.</summary>
internal enum ConnectivityView
{
    Everything,
    Subnet,
    Device,
}

internal static class ConnectivityViews
{
    public static ConnectivityView Of(AnalysisSettings settings) =>
        settings.FocusDid is not null || settings.FocusAddress.IsPresent ? ConnectivityView.Device
        : settings.Subnet is not null || settings.Filters.ViewSubnet is not null ? ConnectivityView.Subnet
        : ConnectivityView.Everything;
}
