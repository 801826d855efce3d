namespace DtMcp.Simulator.Endpoints;

/// <summary>
/// A parameter that the appliance does not take: 400 <c>{"network": "INPUT ERROR"}</c>. The message is for the log of the emulator only.
/// </summary>
internal sealed class InputErrorException(string message) : Exception(message);
