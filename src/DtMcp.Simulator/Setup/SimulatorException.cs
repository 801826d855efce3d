namespace DtMcp.Simulator.Setup;

/// <summary>
/// The emulated appliance cannot start as asked: an unreadable record, an unknown fault, an address that is not loopback. The message says
/// what to mend.
/// </summary>
public sealed class SimulatorException : Exception
{
    public SimulatorException(string message)
        : base(message)
    {
    }

    public SimulatorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public SimulatorException()
    {
    }
}
